package org.adadiff.jupyter.kernel;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** An XML element, without the ceremony of the DOM. Names are without prefixes. */
record Xml(Element element) {

    static Xml parse(String text) throws SAXException, IOException, ParserConfigurationException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        DocumentBuilder builder = factory.newDocumentBuilder();
        // Without a handler of our own, errors are printed as well as thrown
        builder.setErrorHandler(new DefaultHandler());
        return new Xml(builder.parse(new InputSource(new StringReader(text))).getDocumentElement());
    }

    String name() {
        return element.getTagName().replaceFirst("^.*:", "");
    }

    String text() {
        return element.getTextContent().strip();
    }

    List<Xml> children() {
        return elements(element.getChildNodes());
    }

    /** Elements of that name at any depth. */
    List<Xml> all(String name) {
        return elements(element.getElementsByTagName(name));
    }

    /** The text of the first child of that name, or the empty string. */
    String childText(String name) {
        return children().stream().filter(child -> child.name().equals(name)).map(Xml::text).findFirst().orElse("");
    }

    String source() throws TransformerException {
        Transformer transformer = TransformerFactory.newInstance().newTransformer();
        transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        StringWriter out = new StringWriter();
        transformer.transform(new DOMSource(element), new StreamResult(out));
        return out.toString();
    }

    private static List<Xml> elements(NodeList nodes) {
        List<Xml> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            if (nodes.item(i).getNodeType() == Node.ELEMENT_NODE) {
                elements.add(new Xml((Element) nodes.item(i)));
            }
        }
        return elements;
    }
}
